declare module '../../delivery/event-types.js' {
  interface EventTypes {
    /** An action wants something from another machine: a mail, a call of somebody's server. */
    'automation.outside_requested':
      | { want: 'transcript'; to: string[] }
      | { want: 'mail_team'; teams: number[]; message: string; by: string }
      | { want: 'webhook'; url: string; event: string };
  }
}

export {};
