#!/usr/bin/env bash
# One NaN in a convolution's kernel makes every output of its channel NaN in PyTorch, or leaves the border finite: that
# depends on the sizes of the convolution and on the instructions of the processor.
#
# A kernel's weight that lies over padding is multiplied by 0, and 0 times NaN is NaN. PyTorch's own convolution does
# that. oneDNN, which PyTorch uses for larger convolutions on x86, leaves the multiplication out, so that a border as wide
# as the padding stays finite. Whether oneDNN is used is decided by the number of values, so that two layers of one network
# differ, and a test that counts NaN passes on one machine and fails on another.
#
# Seen with torch 2.15.0 on x86-64, with oneDNN held to AVX2 and to SSE 4.1 (padding 2 or 1, one NaN in the first weight):
#     1 to 6 channels, 28x28, 5x5: 676 of 784 with AVX2, 784 with SSE41, 784 without oneDNN
#     64 to 64 channels, 56x56, 3x3: 3025 of 3136 with AVX2, 3025 with SSE41, 3136 without oneDNN
#     16 to 16 channels, 32x32, 3x3: 1024 of 1024 with AVX2, 1024 with SSE41, 1024 without oneDNN
#
# A way out where the count matters: torch.backends.mkldnn.flags(enabled=False).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6
cat >"$folder/count.py" <<'PYTHON'
import sys
import torch

torch.set_num_threads(1)
for channels, out, side, kernel, padding in ((1, 6, 28, 5, 2), (64, 64, 56, 3, 1), (16, 16, 32, 3, 1)):
    weight = torch.ones(out, channels, kernel, kernel)
    weight[0, 0, 0, 0] = float("nan")
    with torch.backends.mkldnn.flags(enabled=sys.argv[1] == "onednn"):
        result = torch.nn.functional.conv2d(torch.ones(1, channels, side, side), weight, padding=padding)
    print(int(torch.isnan(result[0, 0]).sum()), end=" ")
PYTHON
with_avx2=$(ONEDNN_MAX_CPU_ISA=AVX2 "$folder/python/bin/python" "$folder/count.py" onednn 2>/dev/null)
with_sse41=$(ONEDNN_MAX_CPU_ISA=SSE41 "$folder/python/bin/python" "$folder/count.py" onednn 2>/dev/null)
without=$("$folder/python/bin/python" "$folder/count.py" native 2>/dev/null)
echo "AVX2: $with_avx2"
echo "SSE41: $with_sse41"
echo "without oneDNN: $without"
[ "$with_avx2" = "676 3025 1024 " ]
[ "$with_sse41" = "784 3025 1024 " ]
[ "$without" = "784 3136 1024 " ]
