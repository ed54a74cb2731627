"""Files -> articles, dropped lines and failures."""
