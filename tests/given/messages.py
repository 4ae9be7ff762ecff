"""HL7 v2 messages about patients, as a registration system sends them."""

HEAD = "MSH|^~\\&|ADT|GENHOSP|CHARTROOM|GENHOSP|20240201120000||ADT^{event}|M{number}|P|2.5.1{rest}\r"


def message(event: str, number: int, *segments: str, rest: str = "") -> str:
    """A message of this event with these segments; `rest` is what follows the version in its head."""
    return HEAD.format(event=event, number=number, rest=rest) + "".join(f"{segment}\r" for segment in segments)
