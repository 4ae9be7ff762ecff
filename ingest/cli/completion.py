"""Completion of commands, options and files by Tab, for the shells that click knows."""

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes commands and options by Tab.

    \b
    Examples:
      eval "$(chartroom completion bash)"                                       in ~/.bashrc
      eval "$(chartroom completion zsh)"                                        in ~/.zshrc
      chartroom completion fish > ~/.config/fish/completions/chartroom.fish     once
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root().command
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(root, {}, "chartroom", "_CHARTROOM_COMPLETE").source())
