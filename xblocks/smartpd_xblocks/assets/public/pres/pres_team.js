/* The course team's panel of PRES: the submitted texts, loaded when it is opened, page by page. */
function SmartPDPresTeam(runtime, host, args) {
  "use strict";
  const panel = host.querySelector("[data-team]");
  if (!panel || !args.team) return;
  const body = panel.querySelector("[data-team-body]");
  let loaded = false;
  const load = async (number) => {
    const { kind, data, text } = await SmartPD.post(runtime.handlerUrl(host, "team_submissions"), { number }, { page: args.key });
    if (kind !== "done") {
      const state = document.createElement("p");
      state.setAttribute("role", "alert");
      state.textContent = text || args.team.failed;
      body.querySelectorAll("[role=alert], [role=status]").forEach((old) => old.remove());
      body.prepend(state);
      return;
    }
    loaded = true;
    body.innerHTML = data.html;
    SmartPD.times(body);
  };
  panel.addEventListener("toggle", () => { if (panel.open && !loaded) load(1); });
  body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-team-page]");
    if (!button) return;
    button.disabled = true;
    load(Number(button.dataset.teamPage)).then(() => { button.disabled = false; body.focus(); });
  });
}
