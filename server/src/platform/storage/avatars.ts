import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Keyring, randomToken } from '../crypto/keyring.js';
import { Problem } from '../http/problem.js';
import { FileStore } from './file-store.js';
import { Images } from './images.js';

/** A picture of a multipart body, in memory. */
export class ReceivedImage {
  constructor(readonly fileName: string, readonly bytes: Buffer) {}
}

/** Largest picture for an avatar, in bytes. */
export const MAX_AVATAR_BYTES = 10 * 1024 * 1024;

/** A picture of a multipart body, in a body's schema. Only on routes with @AcceptsImage(). */
export const receivedImage = z.custom<ReceivedImage>((v) => v instanceof ReceivedImage, 'is not an uploaded picture').meta({ type: 'string', format: 'binary' });

/** The same where no picture is needed: null and an empty field are none. */
export const optionalImage = z.preprocess((v) => (v === null || v === '' ? undefined : v), receivedImage.optional());

/** Whose picture it is; account 0 for what belongs to no account. */
export type AvatarOwner = { accountId: number } | { userId: number };

const KEY = /^(u?\d{1,15})\/avatars\/([A-Za-z0-9_-]{32})$/;

/** Faces of people and inboxes: small WebP pictures under names nobody can guess, so that browsers may keep them. */
@Injectable()
export class Avatars {
  constructor(private readonly store: FileStore, private readonly images: Images, private readonly keyring: Keyring) {}

  /** The key of a picture that is fetched from an address: the same each time, so that it is known to be there already, and no easier to guess than any. */
  keyOf(owner: AvatarOwner, whose: string, address: string): string {
    return `${folderOf(owner)}/avatars/${this.keyring.mac('avatar from elsewhere', `${whose} ${address}`).subarray(0, 24).toString('base64url')}`;
  }

  /** Stores the picture, cut square and re-encoded. Returns the key for the owner's row. Throws Problem `invalid` when it is no picture. */
  async save(owner: AvatarOwner, image: ReceivedImage, key = `${folderOf(owner)}/avatars/${randomToken(24)}`): Promise<string> {
    const webp = await this.images.avatar(image.bytes);
    if (!webp) throw new Problem('invalid', 'Avatar is not a picture we can read (PNG, JPEG, WebP or GIF)', { attributes: ['avatar'] });
    await this.store.write(key, [webp] as unknown as AsyncIterable<Buffer>);
    return key;
  }

  /** Stores a picture, if there is one, and does something with its key; a picture that finds no owner goes again. Throws Problem `invalid` when it is no picture. */
  async saveFor<T>(owner: AvatarOwner, image: ReceivedImage | undefined, work: (key: string | undefined) => Promise<T>, as?: string): Promise<T> {
    const key = image && await this.save(owner, image, as);
    try {
      return await work(key);
    } catch (error) {
      await this.remove(key).catch(() => undefined);
      throw error;
    }
  }

  /** The path of an avatar, or '' (as on the wire) when there is none. It gets its origin where it leaves. */
  url(key: string | null | undefined): string {
    const parts = key ? KEY.exec(key) : null;
    return parts ? `/avatars/${parts[1]}/${parts[2]}.webp` : '';
  }

  /** The picture an address names, or undefined. */
  async read(owner: string, name: string): Promise<Buffer | undefined> {
    const key = `${owner}/avatars/${name.replace(/\.webp$/, '')}`;
    return KEY.test(key) ? this.store.readAll(key) : undefined;
  }

  /** Removes a picture that its owner no longer has. Call it after the commit. */
  async remove(key: string | null | undefined): Promise<void> {
    if (key && KEY.test(key)) await this.store.remove(key);
  }
}

const folderOf = (owner: AvatarOwner): string => ('accountId' in owner ? String(owner.accountId) : `u${owner.userId}`);
