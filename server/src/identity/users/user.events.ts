import '../../delivery/event-types.js';

declare module '../../delivery/event-types.js' {
  interface EventTypes {
    /** Somebody became a member of the account. */
    'agent.created': { user_id: number };
    /** Name, picture, role or availability of a member changed. */
    'agent.updated': { user_id: number };
    /** Somebody is no longer a member of the account; the person may be gone altogether. */
    'agent.deleted': { user_id: number };
    /** Somebody who cannot sign in yet is to get a link by mail. */
    'agent.invited': { user_id: number; inviter_id: number };
    /** Somebody is to get a link to choose a new password by mail. In any one account of theirs. */
    'user.password_reset_requested': { user_id: number };
  }
}
