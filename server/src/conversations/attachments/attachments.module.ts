import { Module } from '@nestjs/common';
import { AttachmentPresenter } from './attachment.presenter.js';
import { AttachmentsRepository } from './attachments.repository.js';
import { AvatarsController } from './avatars.controller.js';
import { FilesController } from './files.controller.js';
import { RemotePicturesController } from './remote-pictures.controller.js';
import { SweepUploadsJob } from './sweep-uploads.job.js';

/** Files of messages: their rows, their shape on the wire, the doors they are fetched by. */
@Module({
  controllers: [FilesController, AvatarsController, RemotePicturesController],
  providers: [AttachmentsRepository, AttachmentPresenter, SweepUploadsJob],
  exports: [AttachmentsRepository, AttachmentPresenter],
})
export class AttachmentsModule {}
