/** Dashboards hold a cookie, programs and phones hold three headers. */
export type SessionKind = 'cookie' | 'headers';
/** How the kinds are stored. */
export const SESSION_KIND: Record<SessionKind, number> = { cookie: 0, headers: 1 };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Milliseconds a session may live, however busy it is. */
export const SESSION_LIFE: Record<SessionKind, number> = { cookie: 30 * DAY, headers: 60 * DAY };
