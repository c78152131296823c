/** What can go wrong by the caller's doing, or temporarily. Status codes are the error filter's business alone. */
export type ProblemKind =
  | 'unauthenticated' | 'not_permitted' | 'forbidden' | 'not_found' | 'invalid' | 'unprocessable' | 'conflict' | 'gone' | 'too_large' | 'too_many' | 'unavailable' | 'no_room';

/** An expected failure with a sentence for the caller. Thrown by services and controllers, shown by the error filter. */
export class Problem extends Error {
  /** Fields at fault, for kind `invalid`. */
  readonly attributes: string[];
  /** Further keys of the answer's body. */
  readonly body: Record<string, unknown>;
  /** Seconds after which to try again, for kinds `too_many` and `unavailable`. */
  readonly retryAfter?: number;

  constructor(readonly kind: ProblemKind, message: string, more: { attributes?: string[]; body?: Record<string, unknown>; retryAfter?: number } = {}) {
    super(message);
    this.attributes = more.attributes ?? [];
    this.body = more.body ?? {};
    this.retryAfter = more.retryAfter;
  }
}

/** The row does not exist, or belongs to somebody else: the caller cannot tell which. */
export const notFound = (): Problem => new Problem('not_found', 'Resource could not be found');
/** A field has a value that cannot be accepted (422 with the field's name). */
export const invalid = (attribute: string, message: string): Problem => new Problem('invalid', message, { attributes: [attribute] });
/** The request makes no sense as a whole (422 with a sentence). */
export const unprocessable = (message: string): Problem => new Problem('unprocessable', message);
/** Signed in, but this is not theirs to do (401, as Chatwoot's clients expect). */
export const notPermitted = (): Problem => new Problem('not_permitted', 'You are not authorized to do this action');
