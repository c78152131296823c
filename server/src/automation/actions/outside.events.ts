declare module '../../delivery/event-types.js' {
  interface EventTypes {
    /** An action wants something from another machine: a mail, a call of somebody's server; or files copied, which takes longer than a lock should last. */
    'automation.outside_requested':
      | { want: 'transcript'; to: string[] }
      | { want: 'mail_team'; teams: number[]; message: string; by: string }
      | { want: 'webhook'; url: string; event: string }
      /** In whose name: null for what acts by itself. */
      | { want: 'files'; files: string[]; user_id: number | null };
  }
}

export {};
