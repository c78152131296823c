/** How states are stored (smallint, by position) and called on the wire. */
export const STATUSES = ['open', 'resolved', 'pending', 'snoozed'] as const;
export type StatusName = (typeof STATUSES)[number];
export const Status = { open: 0, resolved: 1, pending: 2, snoozed: 3 } as const;

export const PRIORITIES = [null, 'low', 'medium', 'high', 'urgent'] as const;
export type PriorityName = NonNullable<(typeof PRIORITIES)[number]>;

export const MessageType = { incoming: 0, outgoing: 1, activity: 2, template: 3 } as const;
export const SenderType = { nobody: 0, contact: 1, user: 2, bot: 3 } as const;
export const WIRE_SENDER_TYPES = [null, 'Contact', 'User', 'AgentBot'] as const;
export const LAST_SENDERS = [null, 'contact', 'user', 'bot'] as const;

export const CONTENT_TYPES = [
  'text', 'input_text', 'input_textarea', 'input_email', 'input_select', 'cards', 'form', 'article', 'incoming_email', 'input_csat', 'integrations', 'sticker', 'voice_call',
] as const;

export const MessageStatus = { sent: 0, delivered: 1, read: 2, failed: 3, queued: 4, sending: 5, uncertain: 6 } as const;
export const DELIVERY_STATES = ['sent', 'delivered', 'read', 'failed', 'queued', 'sending', 'uncertain'] as const;
/** Chatwoot's clients know four states. What waits counts as sent; what nobody knows the end of shows as failed, so that somebody looks. */
export const WIRE_MESSAGE_STATUSES = ['sent', 'delivered', 'read', 'failed', 'sent', 'sent', 'failed'] as const;

/** Unix seconds; 0 means never. */
export const secondsOf = (date: Date | null): number => (date ? Math.floor(date.getTime() / 1000) : 0);
