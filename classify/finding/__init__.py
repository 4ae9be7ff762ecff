"""Finding values: where labels stand, where their values stand, and how sure a value is. The fields themselves: classify/fields."""
