/** What an app sends to ask whom it is shown beside, as apps made for Chatwoot do. */
export const ASKS = 'chatwoot-dashboard-app:fetch-info';

export interface AppContext { conversation: object; contact: object | null; currentAgent: { id: number; name: string; email: string } }

/** Tells an app whom it is shown beside: a text of JSON, as Chatwoot sends it, and never to another origin than the app's. */
export function tell(frame: Window, address: string, context: AppContext): void {
  frame.postMessage(JSON.stringify({ event: 'appContext', data: context }), new URL(address).origin);
}
