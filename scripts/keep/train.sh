#!/bin/sh
# Trains both bundled scorers from the data and public text, and measures them on held-out documents:
#   sh scripts/keep/train.sh DATA PUBLIC [SEED]      (after `npm run build`, with the Python packages of scripts/keep/README.md)
# DATA is described by its MANIFEST.md; PUBLIC is what gather_public.py, gather_taught.py and train_teacher.py say it holds.
# Every step that takes long resumes or is skipped where its result is there. Everything is written under build/keep.
set -eu
data=$1 public=$2 seed=${3:-0}
cd "$(dirname "$0")/../.."
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" PYTHONUNBUFFERED=1
keep=build/keep
step() { echo "== $1"; }

step "data and labels"
[ -s $keep/dev.jsonl ] || python scripts/keep/build_dataset.py --data "$data" --out $keep

step "linear scorer"
[ -s $keep/linear-$seed/model.safetensors ] || { mkdir -p $keep/linear-$seed; python scripts/keep/train_linear.py --data $keep --out $keep/linear-$seed --seed "$seed"; }

step "public text and tokenizer"
[ -s $keep/public.jsonl ] || python scripts/keep/gather_public.py --from "$public" --labels $keep
[ -s $keep/corpus.jsonl ] || python scripts/keep/build_corpus.py --extra $keep/public.jsonl
[ -s $keep/word-counts.json ] || node scripts/keep/count-words.js $keep/word-counts.json $keep/corpus.jsonl
[ -s $keep/tokenizer.json ] || python scripts/keep/train_tokenizer.py $keep/word-counts.json
[ -s $keep/taught.jsonl ] || python scripts/keep/gather_taught.py --code "$public/code"
for set in corpus train valid dev taught; do
  [ -s $keep/$set.json ] || node scripts/keep/encode-texts.js $keep $keep/$set $keep/$set.jsonl
done

step "masked pretraining"
[ -e $keep/pretrained.done ] || { python scripts/keep/pretrain.py --minutes "${PRETRAIN_MINUTES:-30}"; touch $keep/pretrained.done; }

step "teacher and what it says"
[ -s $keep/teacher-0.pt ] || python scripts/keep/train_teacher.py --from "$public/minilm" --out $keep/teacher-0.pt
python scripts/keep/write_targets.py --from "$public/minilm" --teacher $keep/teacher-0.pt --end "${TAUGHT:-12000}"
[ -s $keep/mixed.targets-0.npz ] || python scripts/keep/mix_targets.py --from "$public/minilm" --teacher $keep/teacher-0.pt --linear $keep/linear-$seed/model.safetensors

step "encoder"
python scripts/keep/train_encoder.py --init $keep/pretrained.pt --taught $keep/taught --targets $keep/mixed --taught-share 1 --average 0.997 --epochs "${EPOCHS:-4}" --seed "$seed" --out $keep/encoder-$seed-3.pt
python scripts/keep/train_encoder.py --init $keep/encoder-$seed-3.pt --keep-layers 0 2 --taught $keep/taught --targets $keep/mixed --taught-share 1 --rate 5e-4 --average 0.997 --epochs 2 --seed "$seed" --out $keep/encoder-$seed.pt
python scripts/keep/export.py --model $keep/encoder-$seed.pt --bits 8 --out $keep/model-$seed

step "measures"
python scripts/keep/score_linear.py --model $keep/linear-$seed/model.safetensors --out $keep/linear.jsonl
node scripts/keep/score-encoder.js --model $keep/model-$seed --out $keep/encoder.jsonl
python scripts/keep/evaluate.py --scores $keep/linear.jsonl --scores $keep/encoder.jsonl
python scripts/keep/compare_scores.py --base $keep/linear.jsonl --scores $keep/encoder.jsonl --answers 0.15
python scripts/keep/compare_scores.py --base $keep/linear.jsonl --scores $keep/encoder.jsonl --answers 0.15 --mean
