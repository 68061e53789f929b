// Ctrl+K, or ⌘K, opens the search of the header as a dialog. Esc, the focus before and after, and what lies behind are
// the browser's own affair.

const shortcut = (event) =>
  (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";

export function watchSearch() {
  const dialog = document.getElementById("search-dialog");
  if (!dialog) return;
  document.addEventListener("keydown", (event) => {
    if (!shortcut(event)) return;
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
    const field = document.getElementById("search-dialog-field");
    field.focus();
    field.select();
  });
  // A press beside the dialog closes it.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
