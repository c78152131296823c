/* Shows what the server pushes to this browser, while the dashboard is closed. It keeps nothing and steps into no request. */
const DEVICES = '/api/v1/notification_subscriptions';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('push', (event) => event.waitUntil(show(event)));
self.addEventListener('notificationclick', (event) => event.waitUntil(open(event)));
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));

const windows = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

async function show({ data }) {
  let message;
  try {
    message = data.json();
  } catch {
    return;
  }
  // Whoever looks at the dashboard is told there.
  if ((await windows()).some((client) => client.focused && isDashboard(client))) return;
  const { id, title, body, tag, lang, dir, path } = message;
  // The same one a second time replaces itself without a sound.
  const isNew = !(await self.registration.getNotifications({ tag })).some((shown) => shown.data.id === id);
  await self.registration.showNotification(title, { body, tag, lang, dir, renotify: isNew, silent: !isNew, icon: '/app/porchlight-192.png', badge: '/app/porchlight-badge.png', data: { id, path } });
}

async function open({ notification }) {
  notification.close();
  const { path } = notification.data;
  if (typeof path !== 'string' || !path.startsWith('/app/')) return;
  const dashboard = (await windows()).find(isDashboard);
  if (!dashboard) return self.clients.openWindow(path);
  dashboard.postMessage({ type: 'porchlight-open', path });
  await dashboard.focus();
}

// Pages that are not in an account yet, such as sign-in, have nobody who listens.
const isDashboard = (client) => new URL(client.url).pathname.startsWith('/app/accounts/');

/** The browser has changed its address at the push service. */
async function renew({ oldSubscription, newSubscription }) {
  const subscription = newSubscription ?? (oldSubscription && await self.registration.pushManager.subscribe(oldSubscription.options));
  if (!subscription) return;
  await fetch(DEVICES, {
    method: 'POST', headers: { 'content-type': 'application/json', 'x-requested-with': 'porchlight' },
    body: JSON.stringify({ subscription_type: 'browser_push', subscription_attributes: subscription.toJSON() }),
  });
}
