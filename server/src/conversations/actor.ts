/** Who does something with a conversation: a member, or (without an id) something of ours that works by itself, under its name. */
export interface Actor { userId?: number; name: string }
