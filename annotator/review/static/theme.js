"use strict";
/* Runs before the page is painted, so that it never flashes in the other theme. */
{
  const NEXT = { system: "light", light: "dark", dark: "system" };
  const root = document.documentElement;
  const stored = () => {
    const theme = localStorage.getItem("theme");
    return theme in NEXT ? theme : "system";
  };
  const apply = (theme) => {
    root.dataset.theme = theme;
    const name = document.getElementById("theme-name");
    if (name) name.textContent = theme;
  };
  apply(stored());
  document.addEventListener("DOMContentLoaded", () => {
    apply(stored());
    document.getElementById("theme").addEventListener("click", () => {
      const theme = NEXT[stored()];
      localStorage.setItem("theme", theme);
      apply(theme);
    });
  });
}
