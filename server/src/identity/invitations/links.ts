/** Pages of the dashboard that open with a one-time token. */
export const invitationLink = (origin: string, token: string): string => `${origin}/app/invitation?token=${encodeURIComponent(token)}`;
export const passwordResetLink = (origin: string, token: string): string => `${origin}/app/password/reset?token=${encodeURIComponent(token)}`;
export const installationLink = (origin: string, token: string): string => `${origin}/app/setup?token=${encodeURIComponent(token)}`;
