import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import type { Config } from '../config/config.js';
import { BlobGone, Blobs } from './blobs.js';

/** One part waits in memory while it is sent, so an upload costs this much, whatever its size. */
const PART = 5 * 1024 * 1024;

/** Blobs in a bucket of Amazon S3 or of a server that speaks its protocol (MinIO, Garage, R2 …). */
export class S3Blobs extends Blobs {
  private client: Promise<S3Client> | undefined;

  constructor(private readonly config: Config) {
    super();
    if (!config.S3_BUCKET) throw new Error('STORAGE is s3, so S3_BUCKET must name the bucket.');
  }

  async put(key: string, source: Readable): Promise<void> {
    const { Upload } = await import('@aws-sdk/lib-storage');
    const upload = new Upload({
      client: await this.connected(), params: { ...this.at(key), Body: source, ContentType: 'application/octet-stream' },
      partSize: PART, queueSize: 1, leavePartsOnError: false,
    });
    // Without this a failing source would leave the upload waiting for bytes that never come.
    const failed = new Promise<never>((_, reject) => {
      source.once('error', (error) => { void upload.abort().catch(() => undefined); reject(error); });
    });
    await Promise.race([upload.done(), failed]);
  }

  async size(key: string): Promise<number | undefined> {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      return (await (await this.connected()).send(new HeadObjectCommand(this.at(key)))).ContentLength;
    } catch (error) {
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) return undefined;
      throw error;
    }
  }

  async read(key: string, start: number, end: number): Promise<Readable> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const answer: GetObjectCommandOutput = await (await this.connected()).send(new GetObjectCommand({ ...this.at(key), Range: `bytes=${start}-${end}` }));
      return answer.Body as Readable;
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') throw new BlobGone();
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    await (await this.connected()).send(new DeleteObjectCommand(this.at(key)));
  }

  /** Parts of uploads that were never completed are no objects; a bucket's own life-cycle rule removes them (docs/running.md). */
  removeUnfinished(): Promise<number> {
    return Promise.resolve(0);
  }

  /** Keys that begin so, in order. */
  async list(prefix: string): Promise<string[]> {
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const answer = await (await this.connected()).send(new ListObjectsV2Command({ Bucket: this.config.S3_BUCKET!, Prefix: prefix, ContinuationToken: token }));
      keys.push(...(answer.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      token = answer.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.config.S3_BUCKET!, Key: key };
  }

  /** The SDK is large, so it is loaded by installations that use it, on first use. */
  private connected(): Promise<S3Client> {
    this.client ??= import('@aws-sdk/client-s3').then(({ S3Client: Client }) => {
      const { S3_REGION, S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = this.config;
      return new Client({
        region: S3_REGION ?? 'us-east-1', endpoint: S3_ENDPOINT, forcePathStyle: S3_ENDPOINT !== undefined,
        credentials: S3_ACCESS_KEY_ID && S3_SECRET_ACCESS_KEY ? { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY } : undefined,
        // Other servers than Amazon's refuse the newer checksums; our own authentication tags are stronger.
        requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
      });
    });
    return this.client;
  }
}
