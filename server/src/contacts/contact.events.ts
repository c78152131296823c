import type { Changes } from '../delivery/changes.js';

declare module '../delivery/event-types.js' {
  interface EventTypes {
    'contact.created': { contact_id: number };
    'contact.updated': { contact_id: number; changes?: Changes };
    /** A file of people is ready for whoever asked for it. */
    'contacts.exported': { export_id: number };
    'contact.deleted': { contact_id: number };
    /** Another has become part of this one. */
    'contact.merged': { contact_id: number };
  }
}
