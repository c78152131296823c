declare module '../delivery/event-types.js' {
  interface EventTypes {
    /** Settings or members of an inbox changed, it is new, or it is gone. */
    'inbox.updated': { inbox_id: number; created?: boolean; members_changed?: boolean; deleted?: boolean };
    /** The last program that answered first in an inbox, of this name, does so no longer. */
    'inbox.left_to_people': { inbox_id: number; name: string };
    /** A label is new, changed or gone. */
    'label.updated': { label_id: number; deleted?: boolean };
    /** A team is new, changed or gone, or its members are others. */
    'team.updated': { team_id: number; deleted?: boolean };
  }
}

export {};
