// Shows the entries whose names hold what is typed, those that begin with it first.
const field = document.getElementById("search");
const results = document.getElementById("results");
const SHOWN = 40;

function rank(name, wanted) {
  const whole = name.toLowerCase();
  const last = whole.slice(whole.lastIndexOf(".") + 1);
  if (last === wanted || whole === wanted) return 0;
  if (last.startsWith(wanted)) return 1;
  if (whole.startsWith(wanted)) return 2;
  return whole.includes(wanted) ? 3 : -1;
}

function search() {
  const wanted = field.value.trim().toLowerCase();
  results.textContent = "";
  results.hidden = wanted === "";
  if (wanted === "") return;
  const found = ENTRIES.map(([name, kind, place]) => ({ name, kind, place, rank: rank(name, wanted) }))
    .filter((entry) => entry.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || a.name.localeCompare(b.name));
  for (const entry of found.slice(0, SHOWN)) {
    const line = document.createElement("a");
    line.href = entry.place;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = entry.kind;
    line.append(kind, entry.name);
    line.addEventListener("click", () => { field.value = ""; search(); });
    results.append(line);
  }
  if (found.length === 0) results.textContent = "Nothing has that name.";
}

field.addEventListener("input", search);
field.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { field.value = ""; search(); }
  if (event.key === "Enter") results.querySelector("a")?.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
});
