"""One file a screen: shows a model, calls an action."""
