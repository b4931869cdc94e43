"""pareto_nbd.py ORDERS.csv END [--no-fit]: lifetimes, orders -> summary -> Pareto/NBD fit -> P(alive) and purchases in 39 weeks.

With --no-fit it ends before the fit: what the process costs without the work itself."""
import sys
import warnings

warnings.filterwarnings("ignore")
import pandas as pd
from lifetimes import ParetoNBDFitter
from lifetimes.utils import summary_data_from_transaction_data

path, end = sys.argv[1], sys.argv[2]
orders = pd.read_csv(path, usecols=["customer_id", "ordered_at", "amount"], dtype={"customer_id": str})
orders["ordered_at"] = pd.to_datetime(orders["ordered_at"])
orders = orders[orders["ordered_at"] <= end]
summary = summary_data_from_transaction_data(
    orders, "customer_id", "ordered_at", observation_period_end=end, freq="D", freq_multiplier=7
)
if "--no-fit" in sys.argv:
    sys.exit()
history = summary["frequency"], summary["recency"], summary["T"]
fitter = ParetoNBDFitter()
fitter.fit(*history)
fitter.conditional_probability_alive(*history)
fitter.conditional_expected_number_of_purchases_up_to_time(39, *history)
print(fitter.params_.to_dict())
