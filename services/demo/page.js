
// Loads the page anew when something arrived, unless it is not looked at, or text is being selected or written.
const seen = document.body.dataset.state;
const look = async () => {
  if (document.hidden || !getSelection().isCollapsed || document.activeElement?.value) return;
  const answer = await fetch("/state").catch(() => null);
  if (answer?.ok && (await answer.text()) !== seen) location.reload();
};
if (seen) setInterval(look, 1500);
