"""Files -> a results folder, on one machine or on many."""
