/** Shows a conversation as Chatwoot's clients know it. Provided by the conversations; what realtime shows by itself needs it. */
export abstract class PushedConversations {
  /** For agents and for its contact; undefined when it is gone. */
  abstract of(accountId: number, conversationId: number): Promise<{ forAgents: object; forContact: object } | undefined>;
}
