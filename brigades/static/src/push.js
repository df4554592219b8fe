// The page where somebody adds the device they hold (templates/push/settings.html).
(() => {
  "use strict";
  const here = document.getElementById("push-here");
  if (!here) return;
  const form = here.querySelector("form");

  const show = (state) => {
    for (const part of here.querySelectorAll("[data-state]")) {
      part.hidden = !part.dataset.state.split(" ").includes(state);
    }
  };

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

  // What the server writes beside each device: it never shows where a device is reached.
  const markOf = async (endpoint) => {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
    return [...new Uint8Array(hash)].map((one) => one.toString(16).padStart(2, "0")).join("");
  };

  // Whether messages signed with the key that the server has now would be taken.
  const fits = (subscription) => {
    const key = subscription.options && subscription.options.applicationServerKey;
    return !key || String(new Uint8Array(key)) === String(bytes(here.dataset.key));
  };

  const rowOf = async (subscription) =>
    subscription &&
    document.querySelector(`[data-mark="${await markOf(subscription.endpoint)}"]`);

  // An iPad calls itself a Mac, but is touched.
  const isFromApple = () =>
    /iPhone|iPad|iPod/.test(navigator.userAgent) ||
    (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  const isOnHomeScreen = () => window.matchMedia("(display-mode: standalone)").matches;

  const start = async (asked) => {
    if (!window.isSecureContext) return show("insecure");
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
      return show(isFromApple() && !isOnHomeScreen() ? "iphone" : "unable");
    }
    const worker = await navigator.serviceWorker.getRegistration("/");
    const known = worker && (await worker.pushManager.getSubscription());
    const row = await rowOf(known);
    if (row && !asked) {
      row.querySelector("[data-this]").hidden = false;
      row.querySelector("form").addEventListener("submit", (event) => {
        event.preventDefault();
        const remove = event.target;
        known.unsubscribe().finally(() => remove.submit());
      });
    }
    if (Notification.permission === "denied") return show("denied");
    if (asked) return show("dismissed");
    if (!known) return show("ready");
    show(!fits(known) ? "changed" : row ? "told" : "other");
  };

  const subscribe = async (manager) => {
    const wanted = { userVisibleOnly: true, applicationServerKey: bytes(here.dataset.key) };
    try {
      return await manager.subscribe(wanted);
    } catch (error) {
      // Subscribed before, when the server had another key.
      const known = await manager.getSubscription();
      if (!known) throw error;
      form.elements.instead.value = known.endpoint;
      await known.unsubscribe();
      return manager.subscribe(wanted);
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") return await start(true);
      await navigator.serviceWorker.register(here.dataset.worker);
      const worker = await navigator.serviceWorker.ready;
      const { endpoint, keys } = (await subscribe(worker.pushManager)).toJSON();
      form.elements.endpoint.value = endpoint;
      form.elements.key.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
      form.submit();
    } catch {
      show("failed");
    } finally {
      button.disabled = false;
    }
  });

  start(false).catch(() => show("failed"));
})();
