declare module '../delivery/event-types.js' {
  interface EventTypes {
    /** Somebody is told of something. */
    'notification.created': { notification_id: number; user_id: number };
    /** Read, unread, snoozed or awake again. */
    'notification.updated': { notification_id: number; user_id: number };
    'notification.deleted': { notification_id: number; user_id: number };
    /** Many of one person at once: fetch them again. */
    'notifications.changed': { user_id: number };
  }
}
export {};
