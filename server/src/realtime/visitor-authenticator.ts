/** A visitor whose token was found good. */
export interface Visitor { accountId: number; inboxId: number; contactInboxId: number; contactId: number }

/** What a visitor's socket shows, as the client sent it. `origin` is the page's, as the browser says. */
export interface VisitorHandshake { website_token: string; token: string; origin?: string }

/**
 * Knows visitors by their tokens. The channel that talks to browsers provides it (`{ provide: VisitorAuthenticator, useClass: … }`) and realtime
 * finds it at start; a build without such a channel lets no visitor's socket in.
 */
export abstract class VisitorAuthenticator {
  /** The visitor, or null when the token is forged, expired or of another inbox, or nothing is stored for it yet. */
  abstract authenticate(handshake: VisitorHandshake): Promise<Visitor | null>;

  /** Whether a page at this origin may speak for visitors of such an inbox. */
  abstract welcomes(origin: string | undefined, inbox: { channel_type: string; channel_config: Record<string, unknown> }): boolean;
}
