/** Where the composer says that the visitor types; the live connection puts itself in when it is there. */
export const visitorTyping = { tell: (_on: boolean): void => undefined };
