"""The shared bench -> the routes, by topic; each router says who may use it."""
