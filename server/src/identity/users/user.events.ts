import '../../delivery/event-types.js';

declare module '../../delivery/event-types.js' {
  interface EventTypes {
    /** Somebody became a member of the account. */
    'agent.created': { user_id: number };
    /** Name, picture, role or availability of a member changed. */
    'agent.updated': { user_id: number };
    /** Somebody is no longer a member of the account; the person may be gone altogether. */
    'agent.deleted': { user_id: number };
  }
}
