"""Weights of the English features, written by `tests/bench/extraction/fit.py`."""

from .language import weights_of

WEIGHTS = weights_of("""
form: a formality -1.01; a role must -0.42; another asks 0.87; began -0.64; begins with a place or
    time -0.68; begins with every -0.73; doing -0.06; ends without a stop -1.23; goes on below
    -0.36; imperative 1.15; imperative after label 1.03; length 2.00; may not 0.59; number -1.09;
    passive duty 0.31; short -0.33; somebody’s opinion -0.62; speaks to readers -0.77; that it be
    done 0.49; to be done 1.18; well before all 0.78
near: after 0.81; before 1.22; explicit asks -0.69; line 0.49; list of actions 0.96; share of the
    text -0.65
place: alone 1.03; asking section 0.86; first of item 0.68; first of item under an asking lead-in
    1.00; first of item under an open lead-in -0.39; first of item under another lead-in -0.43;
    item 0.79; item under an asking lead-in 0.95; item under an open lead-in 0.26; item under
    another lead-in -0.44; last 0.35; line under an open lead-in 0.52; need in other section
    -0.16; neutral section 0.33; numbered 0.59; other section -1.22; title of item -0.52
rule: action 0.41; completion 0.21; essential 0.99; first person 1.30; listed action 1.00; modal
    1.29; passive 0.74; the body 0.59
rules: action 1.58; ask 2.59; need 2.49
text: any -3.83; asks -0.39; is news 0.41; only reports -2.33; takes a position 0.39; tells -0.68
word: agreeing -0.54; all of them 0.34; asking 1.70; can 0.94; comparing 0.86; condition 0.48;
    could 0.98; do 0.22; duty 0.31; he or she -0.50; let 1.44; must -0.78; needed 1.04; negation
    0.37; organising -0.54; powers 0.36; praising -0.58; promising -0.54; replacing 1.08; rules
    0.45; should 0.53; survey -0.71; time now -0.75; time to come 0.46; was -0.36; we -0.85; well
    judged 1.63; will -0.75; would 0.81; you -0.84
""")
