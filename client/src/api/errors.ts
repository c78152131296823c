/** An answer that is not 2xx, or no answer at all (`status` 0). Carries what a form or a view needs to say what happened. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when the server could not be reached. */
    readonly status: number,
    message: string,
    /** Names of the fields a 422 complains of, as the wire spells them. */
    readonly fields: readonly string[] = [],
    /** Machine-readable reason where the server gives one, such as `mfa_setup_required`. */
    readonly code: string | null = null,
    /** Seconds to wait before the next try (429, 503). */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** True when the request never got an answer. */
  get offline(): boolean {
    return this.status === 0;
  }
}

/** Reads any thrown thing as an ApiError, so that callers show one kind of failure. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(-1, error instanceof Error ? error.message : String(error));
}

interface ErrorBody {
  message?: string;
  error?: string;
  error_code?: string;
  errors?: string[];
  attributes?: string[];
}

/** Builds the error from an answer's status, body (any of Chatwoot's four shapes) and Retry-After. */
export function errorFromAnswer(status: number, body: unknown, retryAfter: string | null): ApiError {
  const shape: ErrorBody = body && typeof body === 'object' ? body : {};
  const text = shape.message ?? shape.error ?? shape.errors?.[0] ?? '';
  const seconds = retryAfter === null ? NaN : Number(retryAfter);
  return new ApiError(status, text, shape.attributes ?? [], shape.error_code ?? null, Number.isFinite(seconds) ? seconds : null);
}
