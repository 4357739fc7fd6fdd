/* What the pages of all blocks share: asking the server, keeping on the device what it does not have yet, trying again. */
window.SmartPD = window.SmartPD || (() => {
  "use strict";
  /* Frames without an origin of their own may neither read cookies nor keep anything. */
  const tried = (act, otherwise) => {
    try {
      return act();
    } catch (error) {
      return otherwise;
    }
  };
  const token = () => tried(() => (document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/) || [])[1], "");

  const pad = (number) => String(number).padStart(2, "0");

  const shared = {
    /* Milliseconds after which a server that says nothing counts as not answering. */
    patience: 20000,

    /* A script that is not needed at first: fulfilled once it has run. */
    load: (url) => new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: url, onload: resolve, onerror: reject });
      document.head.append(script);
    }),

    fill: (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole)),

    /* Times of the server (ISO 8601) in the reader's own zone; "" for what is none. */
    clock: (iso) => {
      const date = new Date(iso);
      return Number.isNaN(date.getTime()) ? "" : `${pad(date.getHours())}:${pad(date.getMinutes())}`;
    },
    stamp: (iso) => {
      const date = new Date(iso);
      if (Number.isNaN(date.getTime())) return "";
      return `${pad(date.getDate())}.${pad(date.getMonth() + 1)}.${date.getFullYear()}, ${shared.clock(iso)}`;
    },
    times: (inside) => inside.querySelectorAll("time").forEach((time) => {
      time.textContent = shared.stamp(time.getAttribute("datetime"));
    }),

    /* Never rejects. kind: done; conflict (409: somebody else wrote); refused (what was sent cannot be used);
       away (the session is over, or this person may not write); later (no answer, or the server failed).
       `page` says whose page this is: another person may have signed in meanwhile. */
    async post(url, body, { page, leaving } = {}) {
      const abort = new AbortController();
      const limit = window.setTimeout(() => abort.abort(), shared.patience);
      const headers = { "Content-Type": "application/json", Accept: "application/json" };
      const csrf = token();
      if (csrf) headers["X-CSRFToken"] = csrf;
      try {
        const answer = await fetch(url, {
          method: "POST",
          credentials: "same-origin",
          /* Browsers send at most 64 KB after a page has gone. */
          keepalive: Boolean(leaving),
          headers,
          body: JSON.stringify(page ? { ...body, page } : body),
          signal: abort.signal,
        });
        const { status } = answer;
        const data = await answer.json().catch((error) => {
          if (abort.signal.aborted) throw error;
          return null;
        });
        const text = data && typeof data.error === "string" ? data.error : "";
        let kind = "later";
        if (status === 409) kind = "conflict";
        else if (status === 401 || status === 403) kind = "away";
        else if (status < 400) kind = data ? "done" : "away";
        else if (status < 500 && status !== 408 && status !== 429) kind = "refused";
        return { kind, status, data, text };
      } catch (error) {
        return { kind: "later", status: 0, data: null, text: "" };
      } finally {
        window.clearTimeout(limit);
      }
    },

    /* The device: what cannot be read is nothing, what cannot be kept is said by false. */
    store: {
      read: (key) => tried(() => JSON.parse(window.localStorage.getItem(key)), null),
      keep: (key, value) => tried(() => {
        if (value === null) window.localStorage.removeItem(key);
        else window.localStorage.setItem(key, JSON.stringify(value));
        return true;
      }, false),
      keys: (key) => tried(() => Object.keys(window.localStorage), []).filter((one) => one === key || one.startsWith(`${key}:`)),
    },

    /* Calls `send` again: after a while that doubles from 5 seconds to a minute, when the line is back, and when the
       learner comes back to the page, perhaps from signing in. */
    again(send, host) {
      let timer = 0;
      let pause = 0;
      const soon = (milliseconds) => {
        window.clearTimeout(timer);
        timer = window.setTimeout(send, milliseconds);
      };
      const now = () => { if (host.isConnected) send(); };
      window.addEventListener("online", now);
      window.addEventListener("focus", now);
      document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") now(); });
      return {
        soon,
        stop: () => window.clearTimeout(timer),
        done() { pause = 0; },
        later() {
          pause = Math.min(60, pause ? pause * 2 : 5);
          soon(pause * 1000);
        },
      };
    },
  };
  return shared;
})();
