// The service worker: shows what is pushed and opens what it is about. It keeps no pages and
// answers no requests, so every page comes from the server as before.
"use strict";

const home = self.location.origin;

// Links lead nowhere but to this site.
const within = (link) => {
  try {
    const url = new URL(link, home);
    return url.origin === home ? url.href : `${home}/`;
  } catch {
    return `${home}/`;
  }
};

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {
    // Browsers insist that something is shown for every message.
  }
  event.waitUntil(
    self.registration.showNotification(said.title || self.location.hostname, {
      body: said.body,
      lang: said.lang,
      dir: said.dir || "auto",
      tag: said.tag,
      silent: Boolean(said.silent),
      data: { link: within(said.link || "/") },
    }),
  );
});

const open = async (link) => {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const same = windows.find((one) => one.url === link);
  return same ? same.focus() : self.clients.openWindow(link);
};

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open((event.notification.data || {}).link || `${home}/`));
});

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

// The browser was given another address. Where nobody is signed in any more the server finds the
// old one gone at the next message, and mails.
const tellAgain = async (former, latter) => {
  const answer = await fetch("/me/push/again", { credentials: "same-origin", redirect: "error" });
  const { key, token } = await answer.json();
  const subscription =
    latter ||
    (await self.registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(key),
    }));
  const { endpoint, keys } = subscription.toJSON();
  const form = new URLSearchParams({
    csrf_token: token,
    endpoint,
    key: keys.p256dh,
    auth: keys.auth,
    instead: former ? former.endpoint : "",
    renewed: "y", // only where the former one is of whoever is signed in
  });
  await fetch("/me/push/devices", {
    method: "POST",
    body: form,
    credentials: "same-origin",
    redirect: "manual",
  });
};

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(tellAgain(event.oldSubscription, event.newSubscription));
});
