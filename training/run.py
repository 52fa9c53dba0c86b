"""A network in training: its weights, its recipe, its steps and tests, and the files it writes."""

import csv
import json
import math
import time

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from data import CUTOUT_SIDE, PAD, cutout, distorted, plan, prepared
from networks import NETWORKS, initialise

BATCH = 128
# Weight of an auxiliary classifier's loss (Szegedy et al. 2014, section 5).
AUXILIARY_WEIGHT = 0.3
COLUMNS = ("epoch", "rate", "train_loss", "train_error", "test_loss", "test_error", "seconds")
# Largest norm of the gradients for networks without batch normalization.
CLIP = 1.0


def recipe(network, epochs, seed, precision):
    """Returns the settings of a training.

    Networks with batch normalization use SGD. Those without use AdamW and, because they overfit more, stronger
    regularization. Both use a one-cycle learning rate.
    """
    distortion = f"flip, crop after {PAD} zeros around"
    if network.startswith(("resnet", "plain")):
        how = {"optimizer": "SGD, Nesterov 0.9", "rate": 0.1, "decay": 5e-4, "smoothing": 0.0}
    else:
        how = {"optimizer": "AdamW", "rate": 1e-3, "decay": 0.2, "smoothing": 0.1, "clip": CLIP}
        distortion += f", {CUTOUT_SIDE}x{CUTOUT_SIDE} cut out"
    return {
        "network": network, "data": "CIFAR-10, JPEG", "epochs": epochs, "batch": BATCH, "seed": seed, **how,
        "schedule": "one cycle, 20 % up, cosine down", "distortion": distortion, "precision": precision,
    }


def precision(args):
    if args.half:
        return "bfloat16, weights in float32"
    return "float32, convolutions in TF32" if args.device.type == "cuda" else "float32"


def rate_at(part, peak):
    """Returns the one-cycle rate: up to the peak in the first fifth, then down to zero along a cosine."""
    return peak * part / 0.2 if part < 0.2 else peak * (1 + math.cos(math.pi * (part - 0.2) / 0.8)) / 2


class Run:
    """A training. On a GPU, each step is one CUDA graph on its own stream, so that networks train in parallel."""

    def __init__(self, name, args, train, tested):
        self.name, self.epochs, self.out, self.device = name, args.epochs, args.out, args.device
        self.recipe = recipe(name, args.epochs, args.seed, precision(args))
        self.pictures, self.truth = train
        self.tested = tested
        torch.manual_seed(args.seed)
        self.random = torch.Generator().manual_seed(args.seed)
        self.half = args.half
        self.network = initialise(NETWORKS[name]()).to(self.device, memory_format=torch.channels_last)
        self.rate = torch.zeros((), device=self.device)
        how = {"lr": self.rate, "weight_decay": self.recipe["decay"], "fused": True}
        parameters = self.network.parameters()
        if "clip" in self.recipe:
            self.optimizer = torch.optim.AdamW(parameters, **how, capturable=self.device.type == "cuda")
        else:
            self.optimizer = torch.optim.SGD(parameters, **how, momentum=0.9, nesterov=True)
        self.planned = torch.zeros((6, BATCH), dtype=torch.int64, device=self.device)
        self.loss, self.wrong = (torch.zeros((), device=self.device) for _ in range(2))
        self.lines, self.kept_at, self.graph, self.stream = [], time.time(), None, None
        self.resume()
        if self.device.type == "cuda" and len(self.lines) < self.epochs:
            self.capture()

    def place(self, suffix):
        return self.out / f"{self.name}.{suffix}"

    def resume(self):
        if not self.place("pt").exists():
            return
        kept = torch.load(self.place("pt"), weights_only=True, map_location=self.device)
        if json.loads(kept["recipe"]) != self.recipe:
            raise SystemExit(f"{self.place('pt')} is of another recipe: take it away, or choose another --out")
        self.network.load_state_dict(kept["network"])
        self.optimizer.load_state_dict(kept["optimizer"])
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate
        self.random.set_state(kept["random"].cpu())
        torch.set_rng_state(kept["dropout"].cpu())
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(kept["dropout_there"].cpu())
        self.lines = json.loads(kept["lines"])
        print(f"{self.name}: going on after epoch {len(self.lines)} of {self.epochs}", flush=True)

    def once(self):
        """Takes one step on the pictures of `planned` at the learning rate `rate`."""
        labels = self.truth[self.planned[0]]
        read = prepared(distorted(self.pictures, self.planned))
        if "cut out" in self.recipe["distortion"]:
            read = cutout(read, self.planned)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
            scores = self.network(read)
        scores, *auxiliary = (one.float() for one in (scores if isinstance(scores, tuple) else (scores,)))
        loss, *beside = (F.cross_entropy(one, labels, label_smoothing=self.recipe["smoothing"]) for one in (scores, *auxiliary))
        self.optimizer.zero_grad(set_to_none=True)
        (loss + AUXILIARY_WEIGHT * sum(beside)).backward()
        if "clip" in self.recipe:
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
        self.optimizer.step()
        self.loss += loss.detach() * BATCH
        self.wrong += (scores.detach().argmax(1) != labels).sum()

    def capture(self):
        """Records a step as a CUDA graph.

        The steps before it run at rate zero, so the weights stay the same. The state that they change in the optimizer
        and in batch normalizations is restored.
        """
        weights = {name: value.clone() for name, value in self.network.state_dict().items()}
        counts = [{name: value.clone() for name, value in state.items()} for state in self.optimizer.state.values()]
        self.network.train()
        self.stream, self.graph = torch.cuda.Stream(), torch.cuda.CUDAGraph()
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            for _ in range(3):
                self.once()
        torch.cuda.synchronize()
        with torch.cuda.graph(self.graph, stream=self.stream):
            self.once()
        self.network.load_state_dict(weights)
        for at, state in enumerate(self.optimizer.state.values()):
            for name, value in state.items():
                value.copy_(counts[at][name]) if counts else value.zero_()
        torch.cuda.synchronize()

    def begin(self):
        """Starts an epoch."""
        self.network.train()
        self.epoch, self.started = len(self.lines), time.time()
        self.loss.zero_()
        self.wrong.zero_()
        self.plan = plan(len(self.truth), self.random).to(self.device)
        self.steps = len(self.truth) // BATCH
        if self.stream:
            self.stream.wait_stream(torch.cuda.current_stream())

    def step(self, step):
        self.last = rate_at((self.epoch * self.steps + step) / (self.epochs * self.steps), self.recipe["rate"])
        planned = self.plan[:, step * BATCH : (step + 1) * BATCH]
        if self.graph:
            with torch.cuda.stream(self.stream):
                self.planned.copy_(planned)
                self.rate.fill_(self.last)
                self.graph.replay()
        else:
            self.planned.copy_(planned)
            self.rate.fill_(self.last)
            self.once()

    def so_far(self, step):
        """Returns the training loss and error (in percent) of this epoch, up to a step."""
        seen = (step + 1) * BATCH
        return self.loss.item() / seen, 100 * self.wrong.item() / seen

    def end(self):
        """Tests the network after an epoch. Saves the state from time to time, and the weights at the end."""
        if self.stream:
            torch.cuda.current_stream().wait_stream(self.stream)
        loss, error = self.so_far(self.steps - 1)
        if not math.isfinite(loss):
            raise SystemExit(f"{self.name}: the loss is no number any more in epoch {self.epoch + 1}")
        test_loss, test_error = self.test()
        line = (self.epoch + 1, round(self.last, 6), round(loss, 4), round(error, 3), round(test_loss, 4), round(test_error, 2), round(time.time() - self.started, 1))
        self.lines.append(line)
        print(f"{self.name} epoch {self.epoch + 1}: " + ", ".join(f"{name} {value}" for name, value in zip(COLUMNS[1:], line[1:])), flush=True)
        done = len(self.lines) == self.epochs
        if done or time.time() - self.kept_at > 20:
            self.keep()
        if done:
            self.finish()

    def test(self):
        """Returns the test loss and error (in percent), without distortions."""
        self.network.eval()
        pictures, labels = self.tested
        loss, wrong, part = 0.0, 0, 2000
        with torch.no_grad():
            for start in range(0, len(labels), part):
                scores, truth = self.network(prepared(pictures[start : start + part])), labels[start : start + part]
                loss += F.cross_entropy(scores, truth, reduction="sum").item()
                wrong += (scores.argmax(1) != truth).sum().item()
        return loss / len(labels), 100 * wrong / len(labels)

    def keep(self):
        kept = {
            "recipe": json.dumps(self.recipe), "network": self.network.state_dict(), "optimizer": self.optimizer.state_dict(),
            "random": self.random.get_state(), "dropout": torch.get_rng_state(), "lines": json.dumps(self.lines),
        }
        if self.device.type == "cuda":
            kept["dropout_there"] = torch.cuda.get_rng_state()
        torch.save(kept, self.place("pt.part"))
        self.place("pt.part").replace(self.place("pt"))
        with open(self.place("csv"), "w", newline="") as file:
            csv.writer(file).writerows((COLUMNS, *self.lines))
        self.kept_at = time.time()

    def finish(self):
        weights = {name: value.cpu().contiguous() for name, value in self.network.state_dict().items() if not name.endswith("num_batches_tracked")}
        about = {name: str(value) for name, value in self.recipe.items()}
        save_file(weights, self.place("safetensors"), {**about, "test_error": f"{self.lines[-1][5]} %"})
        print(f"{self.name}: test error {self.lines[-1][5]} %, in {self.place('safetensors')}", flush=True)
