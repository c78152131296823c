/** The conversation of a webhook that tells of one of its messages. Programs read the message there too and pass on what they find: a newer one would go twice, and this one never. */
export const tellingOf = (conversation: object | null, message: object): Record<string, unknown> => ({ ...conversation, messages: [message] });
