// @ts-check
// One question at a time, in the panel: Enter answers, Escape leaves it.
/** What a question says beside its fields; a function where it follows what is typed into the form meanwhile. @param {Asked} question */
const linesOf = (question) => (typeof question.lines === "function" ? question.lines() : question.lines || []);

// Gives what was filled in, or null when it was left.
/** @param {Station} s @param {Asked} question @returns {Promise<Filled | null>} */
function ask(s, question) {
  return new Promise((answered) => {
    const box = s.find(".asking");
    s.question?.leave();
    const asked = (question.fields || []).map((f) => {
      const input = f.options
        ? make(
            "select",
            { name: f.name },
            ...f.options.map(([value, text]) => make("option", { value, textContent: text })),
          )
        : make("input", { name: f.name, type: f.type || "text", maxLength: 300, autocomplete: "off" });
      input.dataset.isOptional = f.isOptional ? "1" : "";
      const known = question.filled?.[f.name];
      if (known !== undefined) input.value = known;
      return input;
    });
    const rows = (question.fields || []).map((f, i) => make("label", { textContent: f.label }, asked[i]));
    /** @param {Filled | null} value */
    const done = (value) => {
      s.question = null;
      box.hidden = true;
      box.replaceChildren();
      answered(value);
      if (!s.doc) return;
      const place = s.lastInput;
      if (place?.isConnected) quietly(s, () => goTo(place));
      else focusFirst(s, true);
    };
    const answer = () => {
      const empty = asked.find((i) => !i.value.trim() && !i.dataset.isOptional);
      if (empty) {
        refuse(s, "Please fill it in.", empty);
        return;
      }
      done(Object.fromEntries(asked.map((i) => [i.name, i.value.trim()])));
    };
    const list = make("ul", { hidden: !question.lines });
    const refresh = () => list.replaceChildren(...linesOf(question).map((l) => make("li", { textContent: l })));
    refresh();
    s.question = { answer, leave: () => done(null), refresh };
    const ok = make("button", { type: "button", textContent: question.ok || "OK" });
    ok.dataset.do = "answer";
    const no = make("button", { type: "button", textContent: question.cancel || "Cancel" });
    no.dataset.do = "unanswer";
    box.replaceChildren(make("p", { textContent: question.title }), list, ...rows, ok, no);
    box.hidden = false;
    (asked[0] || ok).focus();
  });
}
