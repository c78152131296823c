import { http } from './http';
import type { Availability, Installation, Invitation, MfaChallenge, MfaEnrolment, MfaState, Session, User } from './types';

type SignedIn = { data: User };

/** First or second step of signing in; the second carries the token of the first and a code. */
export const signIn = (body: { email: string; password: string } | { mfa_token: string; otp_code: string } | { mfa_token: string; backup_code: string }) =>
  http.post<SignedIn | MfaChallenge>('/auth/sign_in', { ...body, session: 'cookie' });
export const signOut = () => http.delete('/auth/sign_out');
/** Always succeeds, so that nobody learns which addresses exist. */
export const requestPasswordReset = (email: string) => http.post('/auth/password', { email });
export const resetPassword = (token: string, password: string, endTokens: boolean) =>
  http.put('/auth/password', { reset_password_token: token, password, password_confirmation: password, end_tokens: endTokens });
export const fetchInvitation = (token: string) => http.get<Invitation>('/auth/invitation', { query: { token } });
export const acceptInvitation = (body: { invitation_token: string; name: string; password: string }) =>
  http.post<SignedIn | MfaChallenge>('/auth/invitation', { ...body, session: 'cookie' });
export const fetchInstallation = () => http.get<Installation>('/api/v1/installation');
export const createFirstAdministrator = (body: { setup_token: string; account_name: string; name: string; email: string; password: string }) =>
  http.post<SignedIn>('/api/v1/installation', body);

export interface ProfileChanges {
  name?: string; display_name?: string | null; email?: string; message_signature?: string | null; locale?: string; timezone?: string;
  current_password?: string; password?: string; password_confirmation?: string; end_tokens?: boolean; ui_settings?: Record<string, unknown>;
}
export const fetchProfile = () => http.get<User>('/api/v1/profile');
export const updateProfile = (profile: ProfileChanges) => http.put<User>('/api/v1/profile', { profile });
export function uploadAvatar(file: File, onProgress?: (percent: number) => void): Promise<User> {
  const form = new FormData();
  form.append('profile[avatar]', file);
  return http.upload<User>('PUT', '/api/v1/profile', form, { onProgress });
}
export const removeAvatar = () => http.delete<User | undefined>('/api/v1/profile/avatar');
export const setAvailability = (accountId: number, availability: Availability) =>
  http.post<User>('/api/v1/profile/availability', { profile: { account_id: accountId, availability } });
export const setActiveAccount = (accountId: number) => http.put('/api/v1/profile/set_active_account', { profile: { account_id: accountId } });
/** The answer is the only time that the token can be read. */
export const resetAccessToken = () => http.post<User & { access_token: string }>('/api/v1/profile/reset_access_token');

/** Proves once more who is there; for five minutes the session may do what is sensitive. */
export const giveProof = (proof: { password: string; otp_code?: string; backup_code?: string }) => http.post('/api/v1/profile/proof', proof);

/** Makes sure of a fresh proof before the browser itself fetches what wants one. */
export const demandProof = () => http.get('/api/v1/profile/proof');

export const fetchMfa = () => http.get<MfaState>('/api/v1/profile/mfa');
export const startMfa = () => http.post<MfaEnrolment>('/api/v1/profile/mfa');
export const verifyMfa = (code: string) => http.post<{ enabled: boolean; backup_codes: string[] }>('/api/v1/profile/mfa/verify', { otp_code: code });
export const disableMfa = (password: string, code: string) => http.delete('/api/v1/profile/mfa', { password, otp_code: code });
export const renewBackupCodes = (code: string) => http.post<{ backup_codes: string[] }>('/api/v1/profile/mfa/backup_codes', { otp_code: code });

export const fetchSessions = () => http.get<{ payload: Session[] }>('/api/v1/profile/sessions').then((answer) => answer.payload);
export const revokeSession = (id: Session['id']) => http.delete(`/api/v1/profile/sessions/${id}`);
export const revokeOtherSessions = () => http.delete('/api/v1/profile/sessions');
