import { Inject, Injectable } from '@nestjs/common';
import { createVerify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { OutboundHttp } from '../../../platform/outbound-http/outbound-http.js';
import { NotAProviderMail, NotFromProvider, type ProviderMail, type ProviderReport } from './provider-mails.js';
import { sesReport } from './ses-report.js';

const Notice = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']), MessageId: z.string(), TopicArn: z.string(), Message: z.string(), Timestamp: z.string(), Subject: z.string().optional(), Token: z.string().optional(),
  SubscribeURL: z.string().optional(), Signature: z.string(), SignatureVersion: z.enum(['1', '2']), SigningCertURL: z.string(),
});
type Notice = z.infer<typeof Notice>;
const verdict = z.object({ status: z.string() }).optional();
const Received = z.object({
  notificationType: z.string().optional(), content: z.string().optional(), mail: z.object({ source: z.string().optional() }).optional(),
  receipt: z.object({
    recipients: z.array(z.string()).optional(), spfVerdict: verdict, dkimVerdict: verdict, dmarcVerdict: verdict, spamVerdict: verdict, virusVerdict: verdict, action: z.object({ type: z.string().optional(), encoding: z.string().optional() }).optional(),
  }).optional(),
});
const AMAZON = /^sns\.[a-z]{2}(-[a-z]+){1,3}-\d\.amazonaws\.com(\.cn)?$/;
const MAX_CERTIFICATE = 16 * 1024;

/** Amazon SES hands mail over through SNS, whose notices are signed. */
@Injectable()
export class SnsMails {
  private readonly certificates = new Map<string, X509Certificate>();

  constructor(private readonly http: OutboundHttp, @Inject(CONFIG) private readonly config: Config) {}

  /** The mail in a notice, or the report about one of ours; undefined when it was about the subscription, which is confirmed. Throws NotFromProvider and NotAProviderMail. */
  async read(body: Buffer, topicArn: string | null): Promise<ProviderMail | ProviderReport | undefined> {
    const notice = this.parse(body);
    if (topicArn === null || notice.TopicArn !== topicArn) throw new NotFromProvider();
    await this.verify(notice);
    if (notice.Type === 'SubscriptionConfirmation') return this.confirm(notice);
    if (notice.Type === 'UnsubscribeConfirmation') return undefined;
    const message = this.json(notice.Message);
    const report = sesReport(message);
    if (report) return { report, once: `sns:${notice.MessageId.slice(0, 100)}` };
    const received = Received.safeParse(message);
    if (!received.success || received.data.content === undefined) {
      if (received.success && received.data.notificationType === undefined) return undefined;
      throw new NotAProviderMail('The notice holds no mail. Let SES publish received mail with its SNS action.');
    }
    const { content, mail, receipt } = received.data;
    const status = (one: { status: string } | undefined): string | undefined => one?.status.toLowerCase();
    return {
      raw: Buffer.from(content, receipt?.action?.encoding?.toUpperCase() === 'BASE64' ? 'base64' : 'utf8'), once: `sns:${notice.MessageId.slice(0, 100)}`,
      envelope: {
        mail_from: mail?.source, rcpt_to: receipt?.recipients, spf: status(receipt?.spfVerdict), dkim: status(receipt?.dkimVerdict), dmarc: status(receipt?.dmarcVerdict),
        spam: status(receipt?.spamVerdict) === 'fail' || status(receipt?.virusVerdict) === 'fail',
      },
    };
  }

  private json(text: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return {};
    }
  }

  private parse(body: Buffer): Notice {
    const notice = Notice.safeParse(this.json(body.toString('utf8')));
    if (!notice.success) throw new NotAProviderMail('This is no notice of Amazon SNS.');
    return notice.data;
  }

  private async verify(notice: Notice): Promise<void> {
    const fields = notice.Type === 'Notification' ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const;
    const signed = fields.filter((field) => notice[field] !== undefined).map((field) => `${field}\n${notice[field]}\n`).join('');
    const certificate = await this.certificate(notice.SigningCertURL);
    const algorithm = notice.SignatureVersion === '2' ? 'sha256' : 'sha1';
    if (!createVerify(algorithm).update(signed).verify(certificate.publicKey, notice.Signature, 'base64')) throw new NotFromProvider();
  }

  private async certificate(address: string): Promise<X509Certificate> {
    const known = this.certificates.get(address);
    if (known) return known;
    if (!this.isAmazon(address) || !address.endsWith('.pem')) throw new NotFromProvider();
    const outcome = await this.http.send({ method: 'GET', url: address, maxBytes: MAX_CERTIFICATE });
    if (outcome.kind !== 'answered' || outcome.status !== 200) throw new Error('The certificate of the notice could not be fetched.');
    const certificate = new X509Certificate(outcome.body);
    if (this.certificates.size > 50) this.certificates.clear();
    this.certificates.set(address, certificate);
    return certificate;
  }

  private async confirm(notice: Notice): Promise<undefined> {
    if (!notice.SubscribeURL || !this.isAmazon(notice.SubscribeURL)) throw new NotFromProvider();
    const outcome = await this.http.send({ method: 'GET', url: notice.SubscribeURL, maxBytes: MAX_CERTIFICATE });
    if (outcome.kind !== 'answered' || outcome.status >= 300) throw new Error('The subscription could not be confirmed.');
  }

  /** Only Amazon's own hosts, or the one the operator named, as for a simulator. */
  private isAmazon(address: string): boolean {
    if (!URL.canParse(address)) return false;
    const url = new URL(address);
    return (url.protocol === 'https:' && url.port === '' && AMAZON.test(url.hostname)) || (this.config.SNS_URL !== undefined && url.origin === new URL(this.config.SNS_URL).origin);
  }
}
