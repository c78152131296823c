declare module '../../delivery/event-types.js' {
  interface EventTypes {
    /** An address failed for so long that nothing is sent there any more until somebody says so. */
    'webhook.disabled': { webhook_id: number };
    /** A bot did not take what it was told of a conversation, several times. */
    'bot.unreachable': { webhook_id: number };
    /** A bot is gone that held conversations here. */
    'bot.removed': { bot_id: number; name: string };
  }
}

export {};
