/* The settings form in Studio: the library's, with JSON checked before it is sent. */
function SmartPDStudioForm(runtime, element, args) {
  "use strict";
  StudioEditableXBlockMixin(runtime, element);
  const host = element.jquery ? element[0] : element;
  /* On the way down to the button, so before the library's own listener, which breaks off without a word. */
  host.addEventListener("click", (event) => {
    if (!event.target.closest(".save-button")) return;
    host.querySelectorAll("li.is-set[data-cast=generic]").forEach((setting) => {
      const control = setting.querySelector(".field-data-control");
      try {
        if (control.value.trim()) JSON.parse(control.value);
      } catch (problem) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const label = setting.querySelector("label");
        const field = (label || setting).textContent.trim();
        const message = args.words.unreadable.replace("{field}", field).replace("{problem}", problem.message);
        runtime.notify("error", { title: args.words.title, message });
        control.focus();
      }
    });
  }, true);
}
