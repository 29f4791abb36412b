// The turns before an answer, folded: what was asked, and what this model was told it had answered.

import { make } from "./dom.js";

// `turns`: who speaks, and the server's own sanitised HTML of what is said. A turn is a question with its answer.
export function earlierTurns(turns) {
  const box = make("div", "turns", "", { tabindex: "0" });
  for (const [speaker, html] of turns) {
    const turn = make("div", "turn");
    turn.innerHTML = html;
    box.append(make("p", "speaker", speaker), turn);
  }
  const asked = turns.filter(([speaker]) => speaker === turns[0][0]).length;
  return [make("summary", "", asked === 1 ? "Earlier turn" : `Earlier turns (${asked})`), box];
}
