import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { resolve } from 'node:path';
import { CONFIG, type Config } from '../config/config.js';
import { MultipartInterceptor } from '../http/multipart.interceptor.js';
import { ReservationRepository } from '../throttles/reservation.repository.js';
import { ThrottleRepository } from '../throttles/throttle.repository.js';
import { Avatars } from './avatars.js';
import { Blobs } from './blobs.js';
import { DiskBlobs } from './disk-blobs.js';
import { DiskRoom } from './disk-room.js';
import { FileAddresses } from './file-addresses.js';
import { FileStore } from './file-store.js';
import { Images } from './images.js';
import { OutgoingAddresses } from './outgoing-addresses.js';
import { ResealedFiles } from './resealed-files.repository.js';
import { S3Blobs } from './s3-blobs.js';
import { UploadBudgets } from './upload-budgets.js';
import { Uploads } from './uploads.js';

const blobs = (config: Config): Blobs => (config.STORAGE === 's3' ? new S3Blobs(config) : new DiskBlobs(resolve(config.DATA_DIR, 'files')));

/** Files: encrypted at rest, staged before they are claimed, fetched by signed addresses. */
@Global()
@Module({
  providers: [
    { provide: Blobs, inject: [CONFIG], useFactory: blobs },
    FileStore, ResealedFiles, Images, Uploads, UploadBudgets, DiskRoom, ThrottleRepository, ReservationRepository, Avatars, FileAddresses, OutgoingAddresses, { provide: APP_INTERCEPTOR, useClass: MultipartInterceptor },
  ],
  exports: [Blobs, DiskRoom, FileStore, ResealedFiles, Images, Uploads, UploadBudgets, Avatars, FileAddresses, OutgoingAddresses],
})
export class StorageModule {}
