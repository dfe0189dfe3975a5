"""PyTorch, eager, its Adam in one fused pass."""

from time import perf_counter

import torch
from torch import Tensor, nn

from benchmarks.contestants.job import EVALUATION_CHUNK, Digits, Job, Measured, serve


def do(job: Job, digits: Digits) -> Measured:
    """Train as a plain loop does."""
    torch.manual_seed(0)
    train_inputs, train_targets, val_inputs, val_targets = map(torch.from_numpy, digits)
    start = perf_counter()
    network = _network(job)
    loss_fn = nn.CrossEntropyLoss()
    optimizer: torch.optim.Optimizer
    if job.optimizer == "adam":
        optimizer = torch.optim.Adam(network.parameters(), lr=job.lr, fused=True)
    else:
        optimizer = torch.optim.SGD(network.parameters(), lr=job.lr, momentum=0.9, fused=True)
    accuracy = 0.0
    for _ in range(job.epochs):
        network.train()
        for chosen in torch.randperm(len(train_inputs)).split(job.batch_size):
            optimizer.zero_grad()
            loss = loss_fn(network(train_inputs[chosen]), train_targets[chosen])
            loss.backward()
            optimizer.step()
        _accuracy(network, train_inputs, train_targets)
        accuracy = _accuracy(network, val_inputs, val_targets)
    return {"seconds": perf_counter() - start, "val_accuracy": accuracy}


def _network(job: Job) -> nn.Sequential:
    layers: list[nn.Module] = []
    for num_inputs, num_outputs in zip(job.widths[:-2], job.widths[1:-1], strict=True):
        layers.append(nn.Linear(num_inputs, num_outputs))
        if job.batch_norm:
            layers.append(nn.BatchNorm1d(num_outputs))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers, nn.Linear(*job.widths[-2:]))


def _accuracy(network: nn.Module, inputs: Tensor, targets: Tensor) -> float:
    network.eval()
    right = 0
    with torch.no_grad():
        chunks = zip(inputs.split(EVALUATION_CHUNK), targets.split(EVALUATION_CHUNK), strict=True)
        for chunk, expected in chunks:
            right += int((network(chunk).argmax(1) == expected).sum())
    return right / len(inputs)


if __name__ == "__main__":
    serve(do)
