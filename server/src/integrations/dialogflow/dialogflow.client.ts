import { Inject, Injectable } from '@nestjs/common';
import { createHash, sign } from 'node:crypto';
import { z } from 'zod';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { answeredJson } from '../../platform/outbound-http/answered-json.js';
import { OutboundHttp, type OutboundOutcome } from '../../platform/outbound-http/outbound-http.js';
import { quoted } from '../../platform/outbound-http/retry-pauses.js';
import { stepsOf, type DialogflowStep } from './dialogflow-steps.js';

/** Which agent is asked, and with whose key. */
export interface DialogflowAgent { project: string; region?: string; credentials: unknown }
/** What somebody said. A session is one conversation; Dialogflow remembers it for 20 minutes. */
export interface Said { session: string; text: string; language: string }
export type DialogflowOutcome =
  | { kind: 'answered'; steps: DialogflowStep[] }
  /** Nobody will be answered with these settings. */
  | { kind: 'refused'; reason: string }
  /** This one cannot be answered. */
  | { kind: 'not_understood'; reason: string }
  /** Later it may work. */
  | { kind: 'busy'; reason: string };

type Token = { token: string } | Exclude<DialogflowOutcome, { kind: 'answered' }>;

/** Longest text that detectIntent takes, in characters. */
const MAX_TEXT = 256;
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/dialogflow';
const HOUR = 3_600;
/** A token is renewed so long before it ends, in ms. */
const EARLY_MS = 60_000;
const MAX_TOKENS = 500;

const ServiceAccount = z.object({ client_email: z.string().min(1), private_key: z.string().min(1), private_key_id: z.string().optional() });
const TokenAnswer = z.object({ access_token: z.string(), expires_in: z.number().default(HOUR) });

/** Dialogflow ES, API v2: detectIntent, with the key of a service account (a signed JWT is traded for a token, RFC 7523). */
@Injectable()
export class DialogflowClient {
  private readonly tokens = new Map<string, { token: string; until: number }>();

  constructor(private readonly http: OutboundHttp, private readonly clock: Clock, @Inject(CONFIG) private readonly config: Config) {}

  async ask(agent: DialogflowAgent, said: Said): Promise<DialogflowOutcome> {
    const account = ServiceAccount.safeParse(agent.credentials);
    if (!account.success) return { kind: 'refused', reason: 'The key is not the JSON of a service account.' };
    const name = createHash('sha256').update(account.data.client_email).update(account.data.private_key).digest('base64');
    const got = await this.token(name, account.data);
    if ('kind' in got) return got;
    const outcome = await this.http.sendJson(this.sessionUrl(agent, said.session),
      { queryInput: { text: { text: [...said.text].slice(0, MAX_TEXT).join(''), languageCode: said.language } } }, { headers: { authorization: `Bearer ${got.token}` } });
    if (outcome.kind === 'answered' && outcome.status === 200) {
      const steps = stepsOf(answeredJson(outcome.body));
      return steps ? { kind: 'answered', steps } : { kind: 'not_understood', reason: reasonOf(outcome) };
    }
    // Withdrawn before its time: the next try asks for another.
    if (outcome.kind === 'answered' && outcome.status === 401 && this.tokens.delete(name)) return { kind: 'busy', reason: reasonOf(outcome) };
    if (outcome.kind === 'answered' && outcome.status === 400) return { kind: 'not_understood', reason: reasonOf(outcome) };
    return failure(outcome);
  }

  private sessionUrl({ project, region }: DialogflowAgent, session: string): string {
    const isRegional = region !== undefined && region !== 'global';
    const base = this.config.DIALOGFLOW_URL ?? `https://${isRegional ? `${region}-` : ''}dialogflow.googleapis.com`;
    const place = isRegional ? `locations/${encodeURIComponent(region)}/` : '';
    return `${base}/v2/projects/${encodeURIComponent(project)}/${place}agent/sessions/${encodeURIComponent(session)}:detectIntent`;
  }

  private async token(name: string, account: z.infer<typeof ServiceAccount>): Promise<Token> {
    const now = this.clock.now();
    const known = this.tokens.get(name);
    if (known && known.until > now) return known;
    const assertion = signed(account, Math.floor(now / 1_000));
    if (assertion === undefined) return { kind: 'refused', reason: 'The private key of the service account cannot be read.' };
    const outcome = await this.http.send({
      method: 'POST', url: this.config.GOOGLE_OAUTH_URL ? `${this.config.GOOGLE_OAUTH_URL}/token` : TOKEN_URL, headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString(),
    });
    const answer = outcome.kind === 'answered' && outcome.status === 200 ? TokenAnswer.safeParse(answeredJson(outcome.body)) : undefined;
    if (!answer?.success) return failure(outcome);
    if (this.tokens.size >= MAX_TOKENS) this.tokens.clear();
    const token = { token: answer.data.access_token, until: now + answer.data.expires_in * 1_000 - EARLY_MS };
    this.tokens.set(name, token);
    return token;
  }
}

/** The claim of a service account that it is itself, for an hour. Undefined when its key is none. */
function signed(account: z.infer<typeof ServiceAccount>, at: number): string | undefined {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'RS256', typ: 'JWT', ...(account.private_key_id && { kid: account.private_key_id }) });
  const claim = `${head}.${part({ iss: account.client_email, scope: SCOPE, aud: TOKEN_URL, iat: at, exp: at + HOUR })}`;
  try {
    return `${claim}.${sign('RSA-SHA256', Buffer.from(claim), account.private_key).toString('base64url')}`;
  } catch {
    return undefined;
  }
}

const reasonOf = (outcome: OutboundOutcome): string => (outcome.kind === 'answered' ? `Google answered ${outcome.status}: ${quoted(outcome.body, 300)}` : outcome.reason);

function failure(outcome: OutboundOutcome): { kind: 'refused' | 'busy'; reason: string } {
  const isBusy = outcome.kind === 'not_sent' || outcome.kind === 'lost' || (outcome.kind === 'answered' && (outcome.status >= 500 || outcome.status === 429 || outcome.status === 200));
  return { kind: isBusy ? 'busy' : 'refused', reason: reasonOf(outcome) };
}
