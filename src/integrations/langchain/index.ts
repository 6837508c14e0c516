/** `brevis/langchain`: retrieved documents and histories of messages, compressed. */
export { compressHistory, compressHistoryWith, type HistoryOptions } from "./compress-history.js";
export { BrevisDocumentCompressor, type DocumentCompressorOptions } from "./document-compressor.js";
