/** Headers of every page of ours. `https` when people reach us by it. */
function headersOfAnyPage(https: boolean): Record<string, string> {
  return {
    'Permissions-Policy': 'camera=(), geolocation=(), payment=(), usb=(), microphone=(self), clipboard-write=(self), autoplay=(self)',
    ...(https ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
}

const SHARED = "script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'";

/**
 * The dashboard: nobody may frame it, nothing comes from elsewhere, text becomes HTML only through Vue's own policy, and of workers there is the one that shows pushes. Inline styles are allowed because components set positions with
 * them; they cannot run anything.
 */
export function dashboardHeaders(https: boolean): Record<string, string> {
  return {
    ...headersOfAnyPage(https),
    'Content-Security-Policy': `default-src 'self'; ${SHARED}; frame-src 'self'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types vue push-worker`,
    'X-Frame-Options': 'DENY', 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Resource-Policy': 'same-origin', 'Referrer-Policy': 'same-origin',
  };
}

/** A page of ours that the dashboard shows in a frame, like the sample site with the chat on it. */
export function framedPageHeaders(https: boolean): Record<string, string> {
  return { ...headersOfAnyPage(https), 'Content-Security-Policy': `default-src 'none'; ${SHARED}; frame-src 'self'; form-action 'none'; frame-ancestors 'self'`, 'Referrer-Policy': 'same-origin' };
}

/** A page of ours that the dashboard shows in a frame, with pages of these origins in frames of its own and nothing else. */
export function appFrameHeaders(https: boolean, origins: readonly string[]): Record<string, string> {
  return {
    ...headersOfAnyPage(https), 'Content-Security-Policy': `default-src 'none'; style-src 'unsafe-inline'; frame-src ${origins.join(' ')}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
    'X-Frame-Options': 'SAMEORIGIN', 'Referrer-Policy': 'same-origin',
  };
}

/** A page of ours with a form on it and nothing else: no script, no frame, pictures of ours alone. */
export function formPageHeaders(https: boolean): Record<string, string> {
  return {
    ...headersOfAnyPage(https), 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'X-Frame-Options': 'DENY', 'Referrer-Policy': 'no-referrer',
  };
}

/** The chat's page: framed by the sites its inbox names (and by our own try-it page), or by anybody when it names none. */
export function widgetPageHeaders(https: boolean, sites: readonly string[]): Record<string, string> {
  const ancestors = sites.length > 0 ? `; frame-ancestors 'self' ${sites.join(' ')}` : '';
  return { ...headersOfAnyPage(https), 'Content-Security-Policy': `default-src 'none'; ${SHARED}; form-action 'none'${ancestors}`, 'Referrer-Policy': 'strict-origin' };
}
